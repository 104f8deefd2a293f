import { Paper, SimpleGrid } from '@mantine/core'
import { objectOf, type FieldsProps } from './draft'
import { ChoiceField, DefinitionField, DefinitionsField, TextField } from './inputs'

/** What goes along with the mail. */
const ENCLOSED = ['documents', 'document_templates']

export function ActionFields({ draft, change }: FieldsProps) {
  const params = objectOf(draft.params)
  return (
    <Paper>
      <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="sm">
        <TextField path="name" required value={draft.name} onChange={(name) => change({ name })} />
        <ChoiceField
          path="kind"
          choice="action_kind"
          words="word.kind"
          required
          value={draft.kind}
          onChange={(kind) => change({ kind })}
        />
        <DefinitionField
          path="params.template_id"
          noun="templates"
          required
          value={params.template_id}
          onChange={(template_id) => change({ params: { ...params, template_id } })}
        />
        {ENCLOSED.map((name) => (
          <DefinitionsField
            key={name}
            path={`params.${name}`}
            noun={name.replaceAll('_', '-')}
            value={params[name]}
            onChange={(ids) => change({ params: { ...params, [name]: ids } })}
          />
        ))}
        <ChoiceField
          path="class"
          choice="message_class"
          words="word.class"
          required
          value={draft.class}
          onChange={(value) => change({ class: value })}
        />
      </SimpleGrid>
    </Paper>
  )
}
