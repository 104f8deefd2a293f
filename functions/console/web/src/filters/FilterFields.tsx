import { Paper, SimpleGrid, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Condition, Json } from '../api/types'
import { CountedCondition } from '../conditions/CountedCondition'
import type { FieldsProps } from '../editing/draft'
import { SelectField, TextField } from '../editing/inputs'
import { useFormat } from '../format'
import { useMeta, useModule } from '../meta'

/** A filter as it is written: its name, its module, and what it asks, counted as one goes. */
export function FilterFields({ draft, change, definition }: FieldsProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const module = useModule(String(draft.module ?? ''))
  return (
    <>
      <Paper>
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
          <TextField path="name" required value={draft.name} onChange={(name) => change({ name })} />
          {!definition && (
            <SelectField
              path="module"
              required
              data={meta.modules.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
              value={draft.module}
              onChange={(id) => change({ module: id, condition: { all: [] } })}
            />
          )}
        </SimpleGrid>
      </Paper>
      {module && (
        <Paper>
          <Title order={2} fz="md" mb="sm">
            {t('property.condition')}
          </Title>
          <CountedCondition
            module={module}
            value={(draft.condition ?? null) as Condition | null}
            onChange={(condition) => change({ condition: (condition ?? { all: [] }) as Json })}
          />
        </Paper>
      )}
    </>
  )
}
