import { Button, Paper, SimpleGrid, Stack, Tabs, Text } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import type { Entity, Module } from '../api/types'
import { useDeleteRecord, useRecord } from '../api/queries'
import { FieldValue } from '../fields/FieldValue'
import { useFormat } from '../format'
import { fieldOf, titleOf, useMayWrite, useModule, useOwnerName } from '../meta'
import { NotFound } from '../shell/NotFound'
import { ask, tell, warn } from '../ui/confirm'
import { Await, useProblemText } from '../ui/Feedback'
import { OneLineTabs } from '../ui/OneLineTabs'
import { PageHeader } from '../ui/PageHeader'
import { Uses } from '../ui/Uses'
import { extensionOf } from './extensions'
import { RelatedTab } from './RelatedTab'
import { SectionTitle } from './SectionTitle'
import { TimelineTab } from './TimelineTab'

export function RecordPage() {
  const { module: moduleId = '', id } = useParams()
  const module = useModule(moduleId)
  const query = useRecord(moduleId, id)
  if (!module) return <NotFound />
  return <Await query={query}>{(record) => <RecordView key={record.id} module={module} record={record} />}</Await>
}

function RecordView({ module, record }: { module: Module; record: Entity }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [address, setAddress] = useSearchParams()
  const extension = extensionOf(module.id)
  // Two relations of one module (say, owner and guest of an event) share a tab: it lists the records of both.
  const related = (module.related ?? []).filter((other, at, all) => all.findIndex(({ module: id }) => id === other.module) === at)
  const Actions = extension?.Actions
  const tab = address.get('tab') ?? 'summary'
  const choose = (next: string | null) => setAddress(next && next !== 'summary' ? { tab: next } : {})
  const tabs = [
    { id: 'summary', label: t('record.summary') },
    ...(extension?.tabs ?? []).map(({ id }) => ({ id, label: t(`tab.${id}`) })),
    { id: 'timeline', label: t('record.timeline') },
    ...related.map((other) => ({ id: other.module, label: format.label(other.label) })),
  ]

  return (
    <>
      <PageHeader
        title={titleOf(module, record)}
        number={record.number}
        above={{ label: format.label(module.label), to: `/records/${module.id}` }}
      >
        {Actions && <Actions record={record} />}
        <EditAndDelete module={module} record={record} />
      </PageHeader>
      <Tabs value={tab} onChange={choose} keepMounted={false}>
        <OneLineTabs chosen={tab} tabs={tabs} onChoose={choose} />
        <Tabs.Panel value="summary">
          {extension?.Above && <extension.Above record={record} />}
          <Summary module={module} record={record} />
        </Tabs.Panel>
        {extension?.tabs.map(({ id, Content }) => (
          <Tabs.Panel key={id} value={id}>
            <Content record={record} />
          </Tabs.Panel>
        ))}
        {related.map((other) => (
          <Tabs.Panel key={other.module} value={other.module}>
            <RelatedTab module={module} record={record} other={other.module} linked={other.linked ?? false} />
          </Tabs.Panel>
        ))}
        <Tabs.Panel value="timeline">
          <TimelineTab module={module} id={record.id} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function EditAndDelete({ module, record }: { module: Module; record: Entity }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const mayWrite = useMayWrite()
  const problemText = useProblemText()
  const deletion = useDeleteRecord(module.id)
  if (!mayWrite) return null
  const remove = () =>
    deletion.mutate(record.id, {
      onSuccess: () => {
        tell(t('record.deleted'))
        void navigate(`/records/${module.id}`)
      },
      onError: (error) => warn(problemText(error)),
    })
  return (
    <>
      {module.capabilities.edit && (
        <Button
          component={Link}
          to={`/records/${module.id}/${record.id}/edit`}
          variant="default"
          leftSection={<IconPencil size={16} />}
        >
          {t('action.edit')}
        </Button>
      )}
      {module.capabilities.delete && (
        <Button
          variant="default"
          c="red.9"
          leftSection={<IconTrash size={16} />}
          loading={deletion.isPending}
          onClick={() =>
            ask({
              title: t('record.delete_title'),
              text: t('record.delete_to_bin', { name: titleOf(module, record) }),
              // Conditions ask for a campaign by name; they go on counting its mails.
              more: module.id === 'campaigns' && <Uses kind="campaigns" id={record.id} told="plain" />,
              confirm: t('action.delete'),
              danger: true,
              act: remove,
            })
          }
        >
          {t('action.delete')}
        </Button>
      )}
    </>
  )
}

function Summary({ module, record }: { module: Module; record: Entity }) {
  const { t } = useTranslation()
  const format = useFormat()
  const ownerName = useOwnerName()
  const own = [
    [t('record.number'), record.number],
    [t('record.owner'), ownerName(record.owner)],
    [t('record.created_at'), format.instant(record.created_at)],
    [t('record.updated_at'), format.instant(record.updated_at)],
    [t('record.tags'), (record.tags ?? []).join(', ')],
  ]
  return (
    <Stack>
      {module.sections.map((section) => (
        <Paper key={section.id}>
          <SectionTitle module={module} section={section} />
          <SimpleGrid component="dl" cols={{ base: 1, xs: 2, lg: 3 }} spacing="lg" verticalSpacing="sm" m={0}>
            {section.fields.map((id) => {
              const field = fieldOf(module, id)
              return (
                field && (
                  <div key={id} data-field={id}>
                    <Text component="dt" size="xs" c="dimmed">
                      {format.label(field.label)}
                    </Text>
                    <Text component="dd" m={0} size="sm">
                      <FieldValue field={field} value={record.values[id]} title={record.titles?.[id]} />
                    </Text>
                  </div>
                )
              )
            })}
          </SimpleGrid>
        </Paper>
      ))}
      <Paper>
        <SimpleGrid component="dl" cols={{ base: 2, sm: 3, lg: 5 }} m={0}>
          {own.map(([label, value]) => (
            <div key={label}>
              <Text component="dt" size="xs" c="dimmed">
                {label}
              </Text>
              <Text component="dd" m={0} size="sm">
                {value || '—'}
              </Text>
            </div>
          ))}
        </SimpleGrid>
      </Paper>
    </Stack>
  )
}
