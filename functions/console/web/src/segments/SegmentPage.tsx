import { Button, Group, Paper, SimpleGrid, Tabs, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import type { Segment } from '../api/types'
import { useDefinition, useDeleteDefinition } from '../api/queries'
import { useFormat } from '../format'
import { RECIPIENTS, useMayWrite, useMeta, useOwnerName } from '../meta'
import { ask, tell, warn } from '../ui/confirm'
import { Await, useProblemText } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { StateBadge } from '../ui/StateBadge'
import { Uses } from '../ui/Uses'
import { AutoSync } from './AutoSync'
import { MembersTab } from './MembersTab'
import { isHalfWritten, SegmentDialog } from './SegmentDialog'
import { useSegmentWords } from './SegmentList'
import { sizeOf } from './size'

const SizeCurve = lazy(() => import('./SizeCurve'))

export function SegmentPage() {
  const { id } = useParams()
  const query = useDefinition<Segment>('segments', id)
  return <Await query={query}>{(segment) => <SegmentView segment={segment} />}</Await>
}

function SegmentView({ segment }: { segment: Segment }) {
  const { t } = useTranslation()
  const format = useFormat()
  const ownerName = useOwnerName()
  const words = useSegmentWords()
  const [address, setAddress] = useSearchParams()
  const modules = useMeta().modules.filter(({ id }) => RECIPIENTS.includes(id))
  const total = sizeOf(segment)
  const facts = [
    [t('segment.number'), segment.number],
    [t('segment.type'), words.type(segment.type)],
    [t('record.owner'), ownerName(segment.owner)],
    [t('record.created_at'), segment.created_at && format.instant(segment.created_at)],
    [segment.as_of && !segment.exact ? t('segment.size_at', { at: format.hour(segment.as_of) }) : t('segment.size'), total === undefined ? '' : format.integer(total)],
  ]
  return (
    <>
      <PageHeader
        title={segment.name}
        number={segment.number}
        above={{ label: t('nav.segments'), to: '/segments' }}
        badge={<StateBadge state={segment.status} label={words.status(segment.status)} />}
      >
        <SegmentCommands segment={segment} />
      </PageHeader>
      <Paper mb="md">
        <SimpleGrid component="dl" cols={{ base: 2, sm: 5 }} m={0}>
          {facts.map(([label, value]) => (
            <div key={label}>
              <Text component="dt" size="xs" c="dimmed">
                {label}
              </Text>
              <Text component="dd" m={0} size="sm" fw={500}>
                {value || '—'}
              </Text>
            </div>
          ))}
        </SimpleGrid>
      </Paper>
      <AutoSync segment={segment} />
      <Suspense>
        <SizeCurve segment={segment.id} />
      </Suspense>
      <Tabs
        value={address.get('tab') ?? modules[0]?.id ?? null}
        onChange={(tab) => tab && setAddress({ tab })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {modules.map((module) => (
            <Tabs.Tab key={module.id} value={module.id} rightSection={<Count value={sizeOf(segment, module.id)} />}>
              {format.label(module.label)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {modules.map((module) => (
          <Tabs.Panel key={module.id} value={module.id}>
            <MembersTab segment={segment} module={module} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}

function Count({ value }: { value: number | undefined }) {
  const format = useFormat()
  return value === undefined ? null : (
    <Text size="xs" c="dimmed">
      {format.integer(value)}
    </Text>
  )
}

function SegmentCommands({ segment }: { segment: Segment }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const problemText = useProblemText()
  const [opened, { open, close }] = useDisclosure(isHalfWritten(segment))
  const deletion = useDeleteDefinition('segments')
  if (!useMayWrite()) return null
  const remove = () =>
    deletion.mutate(segment.id, {
      onSuccess: () => {
        tell(t('record.deleted'))
        void navigate('/segments')
      },
      onError: (error) => warn(problemText(error)),
    })
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconPencil size={16} />} onClick={open}>
        {t('action.edit')}
      </Button>
      <Button
        variant="default"
        c="red.9"
        leftSection={<IconTrash size={16} />}
        onClick={() =>
          ask({
            title: t('record.delete_title'),
            text: t('segment.delete_text', { name: segment.name }),
            more: <Uses kind="segments" id={segment.id} />,
            confirm: t('action.delete'),
            danger: true,
            act: remove,
          })
        }
      >
        {t('action.delete')}
      </Button>
      {opened && <SegmentDialog segment={segment} onSaved={close} onClose={close} />}
    </Group>
  )
}
