import type { ComponentType } from 'react'
import type { Entity } from '../api/types'
import { AssignmentsTab } from '../assignments/AssignmentsTab'
import { MessagePanel } from '../messages/MessagePanel'
import { RECIPIENTS } from '../meta'
import { ResultsTab } from '../campaigns/ResultsTab'
import { SendButton } from '../campaigns/SendButton'
import { MembershipsTab } from '../segments/MembershipsTab'
import { SendsTab } from '../campaigns/SendsTab'
import { PersonMenu } from './PersonMenu'

interface Extension {
  /** What stands above the fields. */
  Above?: ComponentType<{ record: Entity }>
  Actions?: ComponentType<{ record: Entity }>
  tabs: { id: string; Content: ComponentType<{ record: Entity }> }[]
}

/** What a module's record page can do beyond showing its fields. Everything else comes from the declaration. */
const EXTENSIONS: Record<string, Extension> = {
  campaigns: {
    Actions: SendButton,
    tabs: [
      { id: 'sends', Content: SendsTab },
      { id: 'results', Content: ResultsTab },
    ],
  },
  messages: { Above: MessagePanel, tabs: [] },
}

const OF_RECIPIENTS: Extension = {
  Actions: PersonMenu,
  tabs: [
    { id: 'memberships', Content: MembershipsTab },
    { id: 'assignments', Content: AssignmentsTab },
  ],
}

export const extensionOf = (module: string): Extension | undefined =>
  EXTENSIONS[module] ?? (RECIPIENTS.includes(module) ? OF_RECIPIENTS : undefined)
