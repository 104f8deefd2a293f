import { ActionIcon, Badge, Button, Group, Text, Tooltip } from '@mantine/core'
import { IconArrowsExchange, IconHistory, IconPencil, IconPlus, IconUserCheck, IconUserOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../api/client'
import { keptOf } from '../editing/kept'
import { useMeta } from '../meta'
import { ask, tell, warn } from '../ui/confirm'
import { Await, useProblemText } from '../ui/Feedback'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { StateBadge } from '../ui/StateBadge'
import { Uses } from '../ui/Uses'
import { DidDialog } from './DidDialog'
import { HandOverDialog } from './HandOverDialog'
import { useGroups, useSaveUser, useUsers, type User } from './queries'
import { UserDialog } from './UserDialog'

export function UsersTab() {
  const { t } = useTranslation()
  const me = useMeta().user.id
  const groups = useGroups().data?.items ?? []
  const users = useUsers()
  const [editing, setEditing] = useState(() => keptOf('users'))
  const [looking, setLooking] = useState<User | null>(null)
  const [giving, setGiving] = useState<User | null>(null)
  const edited = editing === 'new' ? editing : users.data?.items.find(({ id }) => id === editing)
  const columns: Column<User>[] = [
    {
      id: 'name',
      title: t('user.name'),
      render: ({ id, name }) => (
        <Group gap={6} wrap="nowrap">
          <Text size="sm" fw={600}>
            {name}
          </Text>
          {id === me && (
            <Badge size="sm" color="gray" c="gray.9" miw="max-content">
              {t('user.you')}
            </Badge>
          )}
        </Group>
      ),
    },
    { id: 'email', title: t('user.email'), render: ({ email }) => <Text size="sm">{email}</Text> },
    { id: 'role', title: t('user.role'), render: ({ role }) => <Text size="sm">{t(`word.role.${role}`)}</Text> },
    {
      id: 'groups',
      title: t('user.groups'),
      render: (user) =>
        user.groups.length > 0 && <Text size="sm">{user.groups.map((id) => groups.find((group) => group.id === id)?.name ?? id).join(', ')}</Text>,
    },
    {
      id: 'state',
      title: t('user.state'),
      render: ({ disabled }) => (
        <StateBadge state={disabled ? 'inactive' : 'active'} label={t(disabled ? 'user.disabled' : 'user.active')} />
      ),
    },
    {
      id: 'action',
      title: t('job.action'),
      align: 'right',
      render: (user) => (
        <Commands user={user} onEdit={() => setEditing(user.id)} onLook={() => setLooking(user)} onGive={() => setGiving(user)} />
      ),
    },
  ]
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
          {t('user.invite')}
        </Button>
      </Group>
      <Await query={users}>
        {({ items }) => <ResponsiveTable label={t('user.users')} rows={items} columns={columns} rowId={({ id }) => id} empty={null} />}
      </Await>
      {edited && <UserDialog user={edited === 'new' ? undefined : edited} groups={groups} onClose={() => setEditing(null)} />}
      {giving && <HandOverDialog from={{ kind: 'users', ...giving }} onClose={() => setGiving(null)} />}
      {looking && <DidDialog user={looking} onClose={() => setLooking(null)} />}
    </>
  )
}

interface CommandProps {
  user: User
  onEdit: () => void
  onLook: () => void
  onGive: () => void
}

function Commands({ user, onEdit, onLook, onGive }: CommandProps) {
  const { t } = useTranslation()
  const save = useSaveUser(user)
  const problemText = useProblemText()
  const turn = () =>
    save.mutate(
      { disabled: !user.disabled },
      {
        onSuccess: () => tell(t('record.saved')),
        // The API's own sentence, without the path: there is no input here that it could belong to.
        onError: (error) => warn((error instanceof Problem && error.errors[0]?.message) || problemText(error)),
      },
    )
  const disable = () =>
    ask({
      title: t('user.disable_title', { name: user.name }),
      text: t('user.disable_text'),
      more: <Uses kind="users" id={user.id} told="plain" />,
      confirm: t('user.disable'),
      danger: true,
      act: turn,
    })
  const commands = [
    { word: 'user.did', Picture: IconHistory, colour: 'gray.7', act: onLook },
    { word: 'user.edit', Picture: IconPencil, colour: 'blue', act: onEdit },
    { word: 'user.hand_over', Picture: IconArrowsExchange, colour: 'gray.7', act: onGive },
    user.disabled
      ? { word: 'user.enable', Picture: IconUserCheck, colour: 'teal.9', act: turn }
      : { word: 'user.disable', Picture: IconUserOff, colour: 'red.9', act: disable },
  ]
  return (
    <Group gap={2} justify="flex-end" wrap="nowrap">
      {commands.map(({ word, Picture, colour, act }) => (
        <Tooltip key={word} label={t(word)}>
          <ActionIcon variant="subtle" color={colour} aria-label={`${t(word)}: ${user.name}`} onClick={act}>
            <Picture size={16} />
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  )
}
