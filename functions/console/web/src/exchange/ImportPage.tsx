import { Alert, Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconFileTypeCsv, IconHistory } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { api } from '../api/client'
import type { Module } from '../api/types'
import { allKept, forgetDraft, keptDraft } from '../editing/kept'
import { useFormat } from '../format'
import { useMayWrite, useModule } from '../meta'
import { NotFound } from '../shell/NotFound'
import { PageHeader } from '../ui/PageHeader'
import { FileToUpload } from './FileToUpload'
import type { Import } from './types'
import { importDraft, importDrafts, type Unfinished as Draft } from './unfinished'
import { upload } from './upload'

/** The first step: which file. What it is and what it means is asked when it has arrived. */
export function ImportPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const module = useModule(useParams().module)
  const mayWrite = useMayWrite()
  const [file, setFile] = useState<File | null>(null)
  const [share, setShare] = useState(0)
  const sending = useMutation({
    mutationFn: async (chosen: File) => {
      setShare(0)
      const body = { module: module?.id, name: chosen.name.slice(0, 200), size: chosen.size }
      const made = await api.post<Import>('/v1/imports', body)
      await upload(made.upload_url ?? '', chosen, setShare).catch(() => {
        throw new Error(t('import.upload_failed'))
      })
      return made
    },
    onSuccess: ({ id }) => void navigate(`/imports/${id}`, { replace: true }),
  })
  if (!module || !mayWrite) return <NotFound />
  const list = format.label(module.label)
  return (
    <>
      <PageHeader title={t('import.title', { module: list.toLocaleLowerCase() })} above={{ label: list, to: `/records/${module.id}` }} />
      <Paper maw={640}>
        <Stack>
          <Unfinished module={module} />
          <Text size="sm">{t('import.hint')}</Text>
          <FileToUpload
            label={t('import.file')}
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            icon={<IconFileTypeCsv size={18} />}
            file={file}
            onFile={setFile}
            sending={sending}
            share={share}
          />
        </Stack>
      </Paper>
    </>
  )
}

/** Files that have arrived and were not imported yet: their columns are as they were left. */
function Unfinished({ module }: { module: Module }) {
  const { t } = useTranslation()
  const [ids, setIds] = useState(() => allKept(importDrafts(module)))
  const drop = (id: string) => {
    forgetDraft(importDraft(module, id))
    setIds(ids.filter((other) => other !== id))
  }
  return ids.map((id) => (
    <Alert key={id} color="blue" icon={<IconHistory />} p="xs">
      <Group gap="xs" justify="space-between">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {t('import.unfinished', { name: keptDraft<Draft>(importDraft(module, id))?.name })}
        </Text>
        <Group gap="sm">
          <Button component={Link} to={`/imports/${id}`} size="compact-sm">
            {t('action.continue')}
          </Button>
          <Anchor component="button" type="button" size="sm" c="blue.9" underline="always" onClick={() => drop(id)}>
            {t('editor.discard')}
          </Anchor>
        </Group>
      </Group>
    </Alert>
  ))
}
