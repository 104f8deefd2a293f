import { ActionIcon, Button, Group, Text } from '@mantine/core'
import { IconArrowsExchange, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../editing/FormDialog'
import { TextField } from '../editing/inputs'
import { keptOf, useWriting } from '../editing/kept'
import { tell } from '../ui/confirm'
import { Await, EmptyState } from '../ui/Feedback'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { Uses, useUses } from '../ui/Uses'
import { HandOverDialog, OWNED } from './HandOverDialog'
import { useDeleteGroup, useGroups, useSaveGroup, useUsers, type UserGroup } from './queries'

export function GroupsTab() {
  const { t } = useTranslation()
  const users = useUsers().data?.items ?? []
  const groups = useGroups()
  const [editing, setEditing] = useState(() => keptOf('groups'))
  const [giving, setGiving] = useState<UserGroup | null>(null)
  const [removing, setRemoving] = useState<UserGroup | null>(null)
  const edited = editing === 'new' ? editing : groups.data?.items.find(({ id }) => id === editing)
  const columns: Column<UserGroup>[] = [
    { id: 'name', title: t('user.group_name'), render: ({ name }) => <Text size="sm" fw={600}>{name}</Text> },
    {
      id: 'members',
      title: t('user.members'),
      render: ({ id }) => <Text size="sm">{users.filter(({ groups }) => groups.includes(id)).map(({ name }) => name).join(', ') || '—'}</Text>,
    },
    {
      id: 'action',
      title: t('job.action'),
      align: 'right',
      render: (group) => (
        <Group gap={2} justify="flex-end" wrap="nowrap">
          <ActionIcon variant="subtle" aria-label={`${t('user.group_rename')}: ${group.name}`} onClick={() => setEditing(group.id)}>
            <IconPencil size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="gray.7" aria-label={`${t('user.hand_over')}: ${group.name}`} onClick={() => setGiving(group)}>
            <IconArrowsExchange size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="red.9" aria-label={`${t('action.delete')}: ${group.name}`} onClick={() => setRemoving(group)}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ),
    },
  ]
  const create = (variant?: string) => (
    <Button variant={variant} leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      {t('user.group_new')}
    </Button>
  )
  return (
    <>
      <Group justify="flex-end" mb="sm">
        {create()}
      </Group>
      <Await query={groups}>
        {({ items }) => (
          <ResponsiveTable
            label={t('user.groups')}
            rows={items}
            columns={columns}
            rowId={({ id }) => id}
            empty={<EmptyState title={t('user.no_groups')} hint={t('user.no_groups_hint')}>{create('light')}</EmptyState>}
          />
        )}
      </Await>
      {edited && <GroupDialog group={edited === 'new' ? undefined : edited} onClose={() => setEditing(null)} />}
      {giving && <HandOverDialog from={{ kind: 'groups', ...giving }} onClose={() => setGiving(null)} />}
      {removing && (
        <DeleteDialog
          group={removing}
          onGive={() => {
            setGiving(removing)
            setRemoving(null)
          }}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  )
}

/** What is still the group's is told before; it is handed over from here. */
function DeleteDialog({ group, onGive, onClose }: { group: UserGroup; onGive: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const deletion = useDeleteGroup()
  const used = useUses('groups', group.id).data
  const owns = (used?.owned?.records.length ?? 0) > 0
  const submit = () =>
    deletion.mutate(group.id, {
      onSuccess: () => {
        tell(t('record.deleted'))
        onClose()
      },
    })
  return (
    <FormDialog
      title={t('user.group_delete_title', { name: group.name })}
      save={deletion}
      submit={submit}
      onClose={onClose}
      confirm={t('action.delete')}
      danger
      ready={used !== undefined && used.items.length === 0 && !owns}
    >
      <Text size="sm">{t('user.group_delete_text')}</Text>
      <Uses kind="groups" id={group.id} />
      {(owns || used?.items.some(({ kind }) => OWNED.includes(kind))) && (
        <Button variant="light" leftSection={<IconArrowsExchange size={16} />} onClick={onGive}>
          {t('user.hand_over')}
        </Button>
      )}
    </FormDialog>
  )
}

function GroupDialog({ group, onClose }: { group?: UserGroup; onClose: () => void }) {
  const { t } = useTranslation()
  const writing = useWriting(`groups/${group?.id ?? 'new'}`, { name: group?.name ?? '' })
  const save = useSaveGroup(group)
  const submit = () =>
    save.mutate(
      writing.draft,
      {
        onSuccess: () => {
          writing.end()
          tell(t('record.saved'))
          onClose()
        },
      },
    )
  return (
    <FormDialog title={t(group ? 'user.group_rename' : 'user.group_new')} writing={writing} save={save} submit={submit} onClose={onClose}>
      <TextField
        path="name"
        label={t('user.group_name')}
        required
        autoFocus
        value={writing.draft.name}
        onChange={(name) => writing.change({ name })}
      />
    </FormDialog>
  )
}
