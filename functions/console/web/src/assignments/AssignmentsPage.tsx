import { Group, SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { RelationInput } from '../fields/RelationInput'
import { useFormat } from '../format'
import { RECIPIENTS, useMeta } from '../meta'
import { EmptyState } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { AssignmentTable } from './AssignmentTable'

/** Assignments are kept with their recipient, so the page asks whose. */
export function AssignmentsPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const [address, setAddress] = useSearchParams()
  const modules = useMeta().modules.filter(({ id }) => RECIPIENTS.includes(id))
  const module = modules.find(({ id }) => id === address.get('module')) ?? modules[0]
  const id = address.get('id')
  if (!module) return null
  const whose = t('segment.select', { one: format.label(module.label_one) })
  return (
    <>
      <PageHeader title={t('nav.assignments')} />
      <Group mb="md" gap="xs">
        <SegmentedControl
          aria-label={t('property.module')}
          value={module.id}
          onChange={(next) => setAddress({ module: next })}
          data={modules.map((each) => ({ value: each.id, label: format.label(each.label) }))}
        />
        <div style={{ flex: '1 1 200px', maxWidth: 360 }}>
          <RelationInput
            module={module.id}
            value={id}
            onChange={(next) => setAddress(next ? { module: module.id, id: next } : { module: module.id })}
            aria-label={whose}
            placeholder={whose}
          />
        </div>
      </Group>
      {id ? (
        <AssignmentTable module={module.id} id={id} />
      ) : (
        <EmptyState title={t('assignment.whose')} hint={t('empty.assignments.hint')} />
      )}
    </>
  )
}
