import { Anchor, List, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Condition } from '../api/types'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { Window } from '../ui/Window'
import type { User } from './queries'

/** The ways to what somebody did: jobs, records made or held. Whoever changed what stands in each record's timeline. */
export function DidDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { modules, system_fields } = useMeta()
  const asked = (module: string, field: string) => {
    const condition: Condition = { all: [{ field, op: 'is', value: user.id }] }
    return `/records/${module}?filter=${encodeURIComponent(JSON.stringify(condition))}`
  }
  const known = (field: string) => system_fields.some(({ id }) => id === field)
  const links = [
    { to: `/jobs?by=${user.id}`, label: t('user.did_jobs') },
    ...modules
      .filter(({ capabilities }) => capabilities.edit)
      .flatMap(({ id, label }) => [
        ...(known('created_by') ? [{ to: asked(id, 'created_by'), label: t('user.did_created', { module: format.label(label) }) }] : []),
        ...(known('owner') ? [{ to: asked(id, 'owner'), label: t('user.did_owned', { module: format.label(label) }) }] : []),
      ]),
  ]
  return (
    <Window opened onClose={onClose} title={`${t('user.did')}: ${user.name}`}>
      <Stack gap="sm">
        <List size="sm" spacing={4}>
          {links.map(({ to, label }) => (
            <List.Item key={to}>
              <Anchor component={Link} to={to} size="sm">
                {label}
              </Anchor>
            </List.Item>
          ))}
        </List>
        <Text size="sm" c="dimmed">
          {t('user.did_hint')}
        </Text>
      </Stack>
    </Window>
  )
}
