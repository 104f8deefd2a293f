import { ActionIcon, Button, Group, Text } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../editing/FormDialog'
import { TextField } from '../editing/inputs'
import { ask, tell, warn } from '../ui/confirm'
import { Await, EmptyState, useProblemText } from '../ui/Feedback'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { Uses } from '../ui/Uses'
import { useDeleteGroup, useGroups, useSaveGroup, useUsers, type UserGroup } from './queries'

export function GroupsTab() {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const users = useUsers().data?.items ?? []
  const [editing, setEditing] = useState<UserGroup | 'new' | null>(null)
  const deletion = useDeleteGroup()
  const remove = (group: UserGroup) =>
    ask({
      title: t('user.group_delete_title', { name: group.name }),
      text: t('user.group_delete_text'),
      more: <Uses kind="groups" id={group.id} />,
      confirm: t('action.delete'),
      danger: true,
      act: () =>
        deletion.mutate(group.id, {
          onSuccess: () => tell(t('record.deleted')),
          onError: (error) => warn(problemText(error)),
        }),
    })
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
          <ActionIcon variant="subtle" aria-label={`${t('user.group_rename')}: ${group.name}`} onClick={() => setEditing(group)}>
            <IconPencil size={16} />
          </ActionIcon>
          <ActionIcon variant="subtle" color="red.9" aria-label={`${t('action.delete')}: ${group.name}`} onClick={() => remove(group)}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ),
    },
  ]
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      {t('user.group_new')}
    </Button>
  )
  return (
    <>
      <Group justify="flex-end" mb="sm">
        {create}
      </Group>
      <Await query={useGroups()}>
        {({ items }) => (
          <ResponsiveTable
            label={t('user.groups')}
            rows={items}
            columns={columns}
            rowId={({ id }) => id}
            empty={<EmptyState title={t('user.no_groups')} hint={t('user.no_groups_hint')}>{create}</EmptyState>}
          />
        )}
      </Await>
      {editing && <GroupDialog group={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />}
    </>
  )
}

function GroupDialog({ group, onClose }: { group?: UserGroup; onClose: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(group?.name ?? '')
  const save = useSaveGroup(group)
  const submit = () =>
    save.mutate(
      { name },
      {
        onSuccess: () => {
          tell(t('record.saved'))
          onClose()
        },
      },
    )
  return (
    <FormDialog title={t(group ? 'user.group_rename' : 'user.group_new')} save={save} submit={submit} onClose={onClose}>
      <TextField path="name" label={t('user.group_name')} required autoFocus value={name} onChange={setName} />
    </FormDialog>
  )
}
