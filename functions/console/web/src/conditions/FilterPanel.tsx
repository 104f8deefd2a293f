import { Button, Group, Paper, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, Module } from '../api/types'
import { forgetDraft, keptDraft, useKeep } from '../editing/kept'
import { filterDraft } from '../filters/saved'
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
  const key = filterDraft(module.id)
  const [stored] = useState(() => conditionOf(branchOf(condition ?? blank)))
  const [draft, setDraft] = useState<Condition | null>(() => keptDraft<Condition>(key) ?? stored)
  useKeep(key, JSON.stringify(draft) === JSON.stringify(stored) ? null : draft)
  const apply = (next: Condition | null) => {
    onApply(next)
    forgetDraft(key)
  }
  const [saving, setSaving] = useState(false)
  const whole = complete(draft, operators)
  return (
    <Paper component="form" mb="sm" onSubmit={(event) => (event.preventDefault(), apply(whole))}>
      <Stack gap="sm">
        <CountedCondition module={module} value={draft} onChange={setDraft} />
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" onClick={() => (setDraft(null), apply(null))}>
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
        <SaveFilter module={module} condition={whole} onClose={() => setSaving(false)} onSaved={() => apply(whole)} />
      )}
    </Paper>
  )
}
