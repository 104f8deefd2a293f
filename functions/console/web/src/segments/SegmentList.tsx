import { Anchor, Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { Segment } from '../api/types'
import { useDefinitions } from '../api/queries'
import { useFormat } from '../format'
import { useMayWrite, useMeta, useOwnerName } from '../meta'
import { Await, EmptyState } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { StateBadge } from '../ui/StateBadge'
import { isHalfWritten, SegmentDialog } from './SegmentDialog'
import { sizeOf } from './size'

/** The word of a picklist that the declaration knows, or the stored value. */
export function useSegmentWords() {
  const meta = useMeta()
  const format = useFormat()
  const word = (options: { value: string; label: object }[], value: string) =>
    format.label(options.find((option) => option.value === value)?.label) || value
  return {
    type: (value: string) => word(meta.segment_types, value),
    status: (value: string) => word(meta.segment_statuses, value),
  }
}

export function SegmentList() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const format = useFormat()
  const ownerName = useOwnerName()
  const words = useSegmentWords()
  const mayWrite = useMayWrite()
  const [opened, { open, close }] = useDisclosure(mayWrite && isHalfWritten())
  const query = useDefinitions<Segment>('segments', { counts: 'true' })
  const create = (variant?: string) =>
    mayWrite && (
      <Button variant={variant} leftSection={<IconPlus size={16} />} onClick={open}>
        {t('action.create')}
      </Button>
    )
  const columns: Column<Segment>[] = [
    {
      id: 'name',
      title: t('segment.name'),
      render: ({ id, name }) => (
        <Anchor component={Link} to={`/segments/${id}`} size="sm" fw={600} onClick={(event) => event.stopPropagation()}>
          {name}
        </Anchor>
      ),
    },
    { id: 'number', title: t('segment.number'), render: ({ number }) => <Text size="sm" style={{ whiteSpace: 'nowrap' }}>{number}</Text> },
    { id: 'type', title: t('segment.type'), render: ({ type }) => <Text size="sm">{words.type(type)}</Text> },
    {
      id: 'status',
      title: t('segment.status'),
      render: ({ status }) => <StateBadge state={status} label={words.status(status)} />,
    },
    {
      id: 'size',
      title: t('segment.size'),
      align: 'right',
      render: (segment) => <Text size="sm">{format.integer(sizeOf(segment) ?? 0)}</Text>,
    },
    { id: 'owner', title: t('record.owner'), render: ({ owner }) => <Text size="sm">{ownerName(owner)}</Text> },
  ]
  return (
    <>
      <PageHeader title={t('nav.segments')}>{create()}</PageHeader>
      <Await query={query} lines={8}>
        {({ items }) => (
          <ResponsiveTable
            label={t('nav.segments')}
            rows={items}
            columns={columns}
            rowId={({ id }) => id}
            onOpen={({ id }) => navigate(`/segments/${id}`)}
            empty={
              <EmptyState title={t('segment.none')} hint={t('segment.none_hint')}>
                {create('light')}
              </EmptyState>
            }
          />
        )}
      </Await>
      {opened && <SegmentDialog onSaved={({ id }) => void navigate(`/segments/${id}`)} onClose={close} />}
    </>
  )
}
