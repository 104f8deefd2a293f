import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { IconCopy, IconList } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Definition, Module } from '../api/types'
import { ConditionSection } from '../conditions/ConditionSection'
import { Matches } from '../conditions/CountedCondition'
import { useLiveCount } from '../conditions/count'
import { useSentence } from '../conditions/sentence'
import { useMayWrite, useModule } from '../meta'
import { Uses } from '../ui/Uses'
import { useFilterName, type SavedFilter } from './saved'

/** What a filter asks in words, how many meet it now, and who would miss it. */
export function FilterView({ definition }: { definition: Definition }) {
  const filter = definition as SavedFilter
  const module = useModule(filter.module)
  return module ? <Known filter={filter} module={module} /> : null
}

function Known({ filter, module }: { filter: SavedFilter; module: Module }) {
  const { t } = useTranslation()
  const sentence = useSentence()
  const live = useLiveCount(module, filter.condition)
  return (
    <Stack>
      <ConditionSection>
        <Text size="sm" mb="xs" style={{ overflowWrap: 'anywhere' }}>
          {sentence(filter.condition, module.id) || t('condition.none')}
        </Text>
        <Matches module={module} live={live} />
      </ConditionSection>
      <Paper>
        <Title order={2} fz="md">
          {t('uses.title')}
        </Title>
        <Uses kind="filters" id={filter.id} told="plain" />
      </Paper>
    </Stack>
  )
}

/** Seen as a list; copied into one of one's own, those of the product too. */
export function FilterCommands({ definition }: { definition: Definition }) {
  const { t } = useTranslation()
  const filter = definition as SavedFilter
  const nameOf = useFilterName()
  const mayWrite = useMayWrite()
  const draft = { name: t('filter.copy_of', { name: nameOf(filter) }), module: filter.module, condition: filter.condition }
  return (
    <>
      <Button
        component={Link}
        to={`/records/${filter.module}?filter=${encodeURIComponent(JSON.stringify(filter.condition))}`}
        variant="default"
        leftSection={<IconList size={16} />}
      >
        {t('filter.see_list')}
      </Button>
      {mayWrite && (
        <Button component={Link} to="/filters/new" state={{ draft }} variant="default" leftSection={<IconCopy size={16} />}>
          {t('action.copy')}
        </Button>
      )}
    </>
  )
}
