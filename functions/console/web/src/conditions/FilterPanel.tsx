import { Button, Group, Paper, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, Module } from '../api/types'
import { SaveFilter } from '../filters/SaveFilter'
import { useMayWrite, useMeta } from '../meta'
import { CountedCondition } from './CountedCondition'
import { useBlankLeaf } from './scope'
import { branchOf, complete, conditionOf } from './tree'

interface Props {
  module: Module
  condition: Condition | null
  onApply: (condition: Condition | null) => void
}

export default function FilterPanel({ module, condition, onApply }: Props) {
  const { t } = useTranslation()
  const { operators } = useMeta()
  const mayWrite = useMayWrite()
  const blank = useBlankLeaf(module, false)
  const [draft, setDraft] = useState<Condition | null>(() => conditionOf(branchOf(condition ?? blank)))
  const [saving, setSaving] = useState(false)
  const whole = complete(draft, operators)
  return (
    <Paper component="form" mb="sm" onSubmit={(event) => (event.preventDefault(), onApply(whole))}>
      <Stack gap="sm">
        <CountedCondition module={module} value={draft} onChange={setDraft} />
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" onClick={() => (setDraft(null), onApply(null))}>
            {t('filter.clear')}
          </Button>
          {mayWrite && (
            <Button size="xs" variant="default" disabled={whole === null} onClick={() => setSaving(true)}>
              {t('filter.save_as')}
            </Button>
          )}
          <Button size="xs" type="submit">
            {t('filter.apply')}
          </Button>
        </Group>
      </Stack>
      {saving && whole && (
        <SaveFilter module={module} condition={whole} onClose={() => setSaving(false)} onSaved={() => onApply(whole)} />
      )}
    </Paper>
  )
}
