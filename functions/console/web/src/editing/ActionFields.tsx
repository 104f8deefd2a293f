import { Box, Paper, SimpleGrid } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { enclosedOf } from '../documents/enclosed'
import { EnclosedFields } from '../documents/EnclosedFields'
import { objectOf, type FieldsProps } from './draft'
import { ChoiceField, DefinitionField, TextField } from './inputs'

export function ActionFields({ draft, change }: FieldsProps) {
  const { t } = useTranslation()
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
        <ChoiceField
          path="class"
          choice="message_class"
          words="word.class"
          description={t('editor.class_hint')}
          required
          value={draft.class}
          onChange={(value) => change({ class: value })}
        />
      </SimpleGrid>
      <Box mt="sm">
        <EnclosedFields
          path="params."
          value={enclosedOf(params)}
          template={params.template_id ? String(params.template_id) : null}
          onChange={(kind, ids) => change({ params: { ...params, [kind]: ids } })}
        />
      </Box>
    </Paper>
  )
}
