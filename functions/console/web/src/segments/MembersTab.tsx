import { ActionIcon, Anchor, Badge, Box, Group, Text } from '@mantine/core'
import { IconUserMinus } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../api/client'
import type { Member, Module, Page, Segment } from '../api/types'
import { useRecord } from '../api/queries'
import { ExportButton } from '../exchange/ExportButton'
import { useFormat } from '../format'
import { titleOf, useMayWrite } from '../meta'
import { recordPath } from '../records/columns'
import { ask, tell, warn } from '../ui/confirm'
import { EmptyState, ProblemAlert, useProblemText } from '../ui/Feedback'
import { Pager } from '../ui/Pager'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { AddMembers, LoadButton } from './AddMembers'
import { KeptOut } from './KeptOut'
import { useMembership } from './membership'
import { isOffered } from './size'
import { Why } from './Why'

export function MembersTab({ segment, module }: { segment: Segment; module: Module }) {
  const { t } = useTranslation()
  const format = useFormat()
  const mayWrite = useMayWrite()
  const problemText = useProblemText()
  const membership = useMembership(segment.id)
  const [cursors, setCursors] = useState<string[]>([])
  const cursor = cursors.at(-1) ?? null
  const query = useQuery({
    queryKey: ['segments', 'members', segment.id, module.id, cursor],
    queryFn: () => api.get<Page<Member>>(`/v1/segments/${segment.id}/members`, { module: module.id, limit: 25, cursor }),
    placeholderData: keepPreviousData,
    // A segment that is kept in step changes while one looks at it.
    refetchInterval: (segment.autosync ?? []).length > 0 ? 5_000 : false,
  })
  const remove = (member: Member) =>
    membership.mutate(
      { module: module.id, ids: [member.id], member: false },
      { onSuccess: () => tell(t('segment.removed')), onError: (error) => warn(problemText(error)) },
    )
  const columns: Column<Member>[] = [
    { id: 'title', title: format.label(module.label_one), render: (member) => <MemberName member={member} module={module} /> },
    { id: 'source', title: t('segment.source'), render: (member) => <Sources member={member} /> },
    {
      id: 'why',
      title: t('segment.why'),
      render: (member) => <Why segment={segment.id} module={module.id} id={member.id} />,
    },
    { id: 'since', title: t('segment.since'), render: ({ since }) => <Text size="sm" style={{ whiteSpace: 'nowrap' }}>{since && format.instant(since)}</Text> },
  ]
  if (mayWrite)
    columns.push({
      id: 'remove',
      title: t('job.action'),
      align: 'right',
      render: (member) => (
        <ActionIcon
          variant="subtle"
          color="red.9"
          aria-label={t('segment.remove')}
          title={t('segment.remove')}
          onClick={() =>
            ask({
              title: t('segment.remove_title'),
              text: t('segment.remove_text', { name: segment.name }),
              confirm: t('segment.remove'),
              danger: true,
              act: () => remove(member),
            })
          }
        >
          <IconUserMinus size={16} />
        </ActionIcon>
      ),
    })
  if (query.error && !query.data) return <ProblemAlert error={query.error} retry={() => void query.refetch()} />
  return (
    <>
      <Group mb="sm" gap="xs">
        {mayWrite && isOffered(segment) && <AddMembers segment={segment} module={module} />}
        {(query.data?.items.length ?? 0) > 0 && (
          <Box ml="auto">
            <ExportButton module={module} what={{ segment: segment.id }} />
          </Box>
        )}
      </Group>
      <ResponsiveTable
        label={format.label(module.label)}
        rows={query.data?.items}
        columns={columns}
        rowId={({ id }) => id}
        fetching={query.isPlaceholderData}
        empty={
          <EmptyState title={t('segment.no_members')} hint={t('segment.no_members_hint')}>
            {mayWrite && isOffered(segment) && <LoadButton segment={segment} module={module} />}
          </EmptyState>
        }
      />
      <Group justify="flex-end" mt="sm">
        <Pager cursors={cursors} onChange={setCursors} next={query.data?.next} />
      </Group>
      <KeptOut segment={segment} module={module} />
    </>
  )
}

/** The name comes with the member where the API sends it; otherwise the record is asked for it. */
function MemberName({ member, module }: { member: Member; module: Module }) {
  const record = useRecord(module.id, member.title ? undefined : member.id).data
  const number = member.number ?? record?.number
  return (
    <Group gap={6} wrap="nowrap">
      <Anchor component={Link} to={recordPath(module.id, member.id)} size="sm" fw={600}>
        {member.title ?? (record ? titleOf(module, record) : '…')}
      </Anchor>
      {number && (
        <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {number}
        </Text>
      )}
    </Group>
  )
}

function Sources({ member }: { member: Member }) {
  const { t } = useTranslation()
  const sources = member.sources?.map(({ kind }) => kind) ?? (member.source ? [member.source] : [])
  return (
    <Group gap={4}>
      {[...new Set(sources)].map((source) => (
        <Badge key={source} color="gray" c="gray.9" miw="max-content">
          {t(`source.${source}`, { defaultValue: source })}
        </Badge>
      ))}
    </Group>
  )
}
