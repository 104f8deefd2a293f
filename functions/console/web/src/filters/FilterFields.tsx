import { Paper, SimpleGrid } from '@mantine/core'
import type { Condition, Json } from '../api/types'
import { ConditionSection } from '../conditions/ConditionSection'
import { CountedCondition } from '../conditions/CountedCondition'
import type { FieldsProps } from '../editing/draft'
import { TextField } from '../editing/inputs'
import { ModuleField } from '../editing/ModuleField'
import { useModule } from '../meta'

/** A filter as it is written: its name, its module, and what it asks, counted as one goes. */
export function FilterFields({ draft, change, definition }: FieldsProps) {
  const module = useModule(String(draft.module ?? ''))
  return (
    <>
      <Paper>
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
          <TextField path="name" required value={draft.name} onChange={(name) => change({ name })} />
          {!definition && (
            <ModuleField value={draft.module} onChange={(id) => change({ module: id, condition: { all: [] } })} />
          )}
        </SimpleGrid>
      </Paper>
      {module && (
        <ConditionSection>
          <CountedCondition
            module={module}
            value={(draft.condition ?? null) as Condition | null}
            onChange={(condition) => change({ condition: (condition ?? { all: [] }) as Json })}
          />
        </ConditionSection>
      )}
    </>
  )
}
