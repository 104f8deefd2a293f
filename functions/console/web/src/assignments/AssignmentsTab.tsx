import type { Entity } from '../api/types'
import { AssignmentTable } from './AssignmentTable'

export const AssignmentsTab = ({ record }: { record: Entity }) => <AssignmentTable module={record.module} id={record.id} />
