import { ActionIcon, Button, Group, MultiSelect, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Json, Values } from '../api/types'
import { SelectField } from '../editing/inputs'
import { useErrorAt } from '../editing/errors'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { inside } from './declared'

interface Props {
  draft: Values
  change: (draft: Values) => void
}

const texts = (value: Json | undefined): string[] => (Array.isArray(value) ? value.map(String) : [])

/** Of private modules people see what is theirs or their group's, and what is shared with them. */
export function VisibilityFields({ draft, change }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const { modules, users, groups } = useMeta()
  const named = modules.map(({ id, label }) => ({ value: id, label: format.label(label) }))
  const owners = [...users, ...groups].map(({ id, name }) => ({ value: id, label: name }))
  const shares = Array.isArray(draft.shares) ? draft.shares.map(inside) : []
  const share = (next: Values[]) => change({ ...draft, shares: next })
  const replace = (index: number, part: Values) => share(shares.map((one, place) => (place === index ? { ...one, ...part } : one)))
  return (
    <>
      <Paper>
        <MultiSelect
          name="private"
          label={t('settings.visibility.private')}
          description={t('settings.visibility.private_hint')}
          error={useErrorAt('private')}
          data={named}
          value={texts(draft.private)}
          onChange={(next) => change({ ...draft, private: next })}
          clearable
          clearButtonProps={{ 'aria-label': t('action.clear') }}
        />
      </Paper>
      <Paper>
        <Stack>
          <Title order={2} fz="md">
            {t('settings.visibility.shares')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('settings.visibility.shares_hint')}
          </Text>
          {shares.map((one, index) => (
            <Group key={index} align="flex-end" wrap="nowrap" role="group" aria-label={`${t('settings.visibility.shares')} ${index + 1}`}>
              <SimpleGrid cols={{ base: 1, sm: 3 }} style={{ flex: 1 }}>
                {(['module', 'owner', 'to'] as const).map((key) => (
                  <SelectField
                    key={key}
                    path={`shares[${index}].${key}`}
                    label={t(`settings.visibility.${key}`)}
                    data={key === 'module' ? named : owners}
                    value={one[key]}
                    onChange={(next) => replace(index, { [key]: next })}
                  />
                ))}
              </SimpleGrid>
              <ActionIcon
                variant="subtle"
                color="gray"
                c="dark"
                aria-label={`${t('action.remove')} ${index + 1}`}
                onClick={() => share(shares.filter((_, place) => place !== index))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Group>
          ))}
          <Group>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} />}
              onClick={() => share([...shares, { module: modules[0]?.id ?? '', owner: null, to: null }])}
            >
              {t('settings.visibility.add')}
            </Button>
          </Group>
        </Stack>
      </Paper>
    </>
  )
}
