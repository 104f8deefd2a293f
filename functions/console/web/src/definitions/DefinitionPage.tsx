import { Button, Paper, Stack, Title } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import type { Definition } from '../api/types'
import { useDefinition, useDeleteDefinition } from '../api/queries'
import { useMayWrite } from '../meta'
import { ask, tell, warn } from '../ui/confirm'
import { Await, useProblemText } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { Uses } from '../ui/Uses'
import { moduleOfDefinition, titleOfDefinition, type Noun } from './nouns'
import { Properties } from './Properties'

/** Said elsewhere on the page, or of no use to a reader. */
const NEVER_LISTED = ['id', 'version', 'name', 'reference']

export function DefinitionPage({ noun }: { noun: Noun }) {
  const { id } = useParams()
  const query = useDefinition<Definition>(noun.path, id)
  return <Await<Definition> query={query}>{(definition) => <View noun={noun} definition={definition} />}</Await>
}

function View({ noun, definition }: { noun: Noun; definition: Definition }) {
  const { t } = useTranslation()
  const mayWrite = useMayWrite()
  const { Panel, Actions } = noun
  return (
    <>
      <PageHeader title={titleOfDefinition(noun, definition)} above={{ label: t(`nav.${noun.path}`), to: `/${noun.path}` }}>
        {Actions && <Actions noun={noun.path} definition={definition} />}
        {mayWrite && definition.readonly !== true && (
          <>
            <Button
              component={Link}
              to={`/${noun.path}/${definition.id}/edit`}
              variant="default"
              leftSection={<IconPencil size={16} />}
            >
              {t('action.edit')}
            </Button>
            <DeleteButton noun={noun} definition={definition} />
          </>
        )}
      </PageHeader>
      <Stack>
        <Paper>
          <Title order={2} fz="md" mb="sm">
            {t('record.summary')}
          </Title>
          <Properties values={definition} hide={[...NEVER_LISTED, ...noun.drawn]} module={moduleOfDefinition(definition)} />
        </Paper>
        {Panel && <Panel definition={definition} />}
      </Stack>
    </>
  )
}

function DeleteButton({ noun, definition }: { noun: Noun; definition: Definition }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const problemText = useProblemText()
  const deletion = useDeleteDefinition(noun.path)
  const remove = () =>
    deletion.mutate(definition.id, {
      onSuccess: () => {
        tell(t('record.deleted'))
        void navigate(`/${noun.path}`)
      },
      onError: (error) => warn(problemText(error)),
    })
  return (
    <Button
      variant="default"
      c="red.9"
      leftSection={<IconTrash size={16} />}
      loading={deletion.isPending}
      onClick={() =>
        ask({
          title: t('record.delete_title'),
          text: t('record.delete_text', { name: titleOfDefinition(noun, definition) }),
          more: <Uses kind={noun.path.replaceAll('-', '_')} id={definition.id} />,
          confirm: t('action.delete'),
          danger: true,
          act: remove,
        })
      }
    >
      {t('action.delete')}
    </Button>
  )
}
