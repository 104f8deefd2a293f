import { Anchor, List, Paper, Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Definition } from '../api/types'
import { Await } from '../ui/Feedback'
import { useUses } from '../ui/Uses'
import { DocumentTemplatePanel } from './DocumentTemplatePanel'
import type { Kind } from './enclosed'

/** Which templates, actions, workflows and sends have it along; of none, where it can be chosen. */
function WhereUsed({ kind, id }: { kind: Kind; id: string }) {
  const { t } = useTranslation()
  return (
    <Paper component="section" aria-label={t('document.used')}>
      <Title order={2} fz="md" mb="sm">
        {t('document.used')}
      </Title>
      <Await query={useUses(kind, id)} lines={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t('document.unused')}{' '}
              <Anchor component={Link} to="/templates" size="sm" underline="always">
                {t('document.unused_step')}
              </Anchor>
            </Text>
          ) : (
            <List size="sm" spacing={4} listStyleType="none">
              {items.map((use) => (
                <List.Item key={`${use.kind}.${use.id}`}>
                  <Text span size="sm" c="dimmed">
                    {t(`uses.kind.${use.kind}`, { defaultValue: use.kind })}:{' '}
                  </Text>
                  <Anchor component={Link} to={`/${use.kind.replaceAll('_', '-')}/${use.id}`} size="sm" lh={1.75}>
                    {use.name || use.id}
                  </Anchor>
                </List.Item>
              ))}
            </List>
          )
        }
      </Await>
    </Paper>
  )
}

export const DocumentView = ({ definition }: { definition: Definition }) => <WhereUsed kind="documents" id={definition.id} />

export function DocumentTemplateView({ definition }: { definition: Definition }) {
  return (
    <>
      <DocumentTemplatePanel definition={definition} />
      <WhereUsed kind="document_templates" id={definition.id} />
    </>
  )
}
