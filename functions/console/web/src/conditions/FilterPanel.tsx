import { Button, Group, Paper, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, Module } from '../api/types'
import { useMeta } from '../meta'
import { ConditionEditor, useBlankLeaf } from './ConditionEditor'
import { branchOf, complete, conditionOf } from './tree'

interface Props {
  module: Module
  condition: Condition | null
  onApply: (condition: Condition | null) => void
}

export default function FilterPanel({ module, condition, onApply }: Props) {
  const { t } = useTranslation()
  const { operators } = useMeta()
  const blank = useBlankLeaf(module, false)
  const [draft, setDraft] = useState<Condition | null>(() => conditionOf(branchOf(condition ?? blank)))
  return (
    <Paper component="form" mb="sm" onSubmit={(event) => (event.preventDefault(), onApply(complete(draft, operators)))}>
      <Stack gap="sm">
        <ConditionEditor module={module} value={draft} onChange={setDraft} path="" />
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" onClick={() => (setDraft(null), onApply(null))}>
            {t('filter.clear')}
          </Button>
          <Button size="xs" type="submit">
            {t('filter.apply')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
