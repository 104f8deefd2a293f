import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../editing/FormDialog'
import { ChoiceField, SelectField, TextField } from '../editing/inputs'
import { useWriting } from '../editing/kept'
import { FieldInput } from '../fields/FieldInput'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { tell } from '../ui/confirm'
import { useSaveUser, type User, type UserGroup } from './queries'

interface Props {
  /** Nobody: somebody is invited. */
  user?: User
  groups: UserGroup[]
  onClose: () => void
}

export function UserDialog({ user, groups, onClose }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { choices, settings } = useMeta()
  const save = useSaveUser(user)
  const writing = useWriting(`users/${user?.id ?? 'new'}`, {
    name: user?.name ?? '',
    email: user?.email ?? '',
    role: user?.role ?? choices.role?.[1] ?? '',
    language: user?.language ?? settings.company.language,
    groups: user?.groups ?? [],
  })
  const { change } = writing
  const { name, email, role, language, groups: chosen } = writing.draft
  const submit = () =>
    save.mutate(
      { name, role, language, groups: chosen, ...(!user && { email }) },
      {
        onSuccess: () => {
          tell(t(user ? 'record.saved' : 'user.invited'))
          writing.end()
          onClose()
        },
      },
    )
  const options = groups.map((group) => ({ value: group.id, label: { [format.language]: group.name } }))
  return (
    <FormDialog
      title={t(user ? 'user.edit' : 'user.invite')}
      writing={writing}
      save={save}
      submit={submit}
      onClose={onClose}
      confirm={t(user ? 'action.save' : 'user.invite')}
    >
      {user ? (
        <Text size="sm" c="dimmed">
          {user.email}
        </Text>
      ) : (
        <>
          <Text size="sm">{t('user.invite_hint')}</Text>
          <TextField
            path="email"
            label={t('user.email')}
            type="email"
            required
            autoFocus
            value={email}
            onChange={(next) => change({ email: next })}
          />
        </>
      )}
      <TextField path="name" label={t('user.name')} required value={name} onChange={(next) => change({ name: next })} />
      <ChoiceField
        path="role"
        label={t('user.role')}
        choice="role"
        words="word.role"
        value={role}
        onChange={(next) => next && change({ role: next })}
      />
      <SelectField
        path="language"
        label={t('user.language')}
        data={['es', 'en'].map((value) => ({ value, label: t(`word.language.${value}`) }))}
        value={language}
        onChange={(next) => next && change({ language: next })}
      />
      {groups.length > 0 && (
        <FieldInput
          field={{ id: 'groups', label: { [format.language]: t('user.groups') }, type: 'multipicklist', options }}
          value={chosen}
          onChange={(next) => change({ groups: Array.isArray(next) ? next.map(String) : [] })}
        />
      )}
    </FormDialog>
  )
}
