import { Alert, Button, FileInput, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import { IconFileTypeCsv, IconUpload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api } from '../api/client'
import { useFormat } from '../format'
import { useMayWrite, useModule } from '../meta'
import { NotFound } from '../shell/NotFound'
import { ProblemAlert } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import type { Import } from './types'
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
          <Text size="sm">{t('import.hint')}</Text>
          <FileInput
            label={t('import.file')}
            placeholder={t('import.file_hint')}
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            leftSection={<IconFileTypeCsv size={18} />}
            value={file}
            onChange={setFile}
            disabled={sending.isPending}
            styles={{ placeholder: { color: 'var(--mantine-color-dimmed)' } }}
            clearable
            clearButtonProps={{ 'aria-label': t('import.file_clear') }}
          />
          {file?.size === 0 && <Alert color="red">{t('import.file_empty')}</Alert>}
          {sending.isPending && (
            <Progress
              value={Math.round(share * 100)}
              size="lg"
              animated
              role="progressbar"
              aria-label={t('import.uploading')}
              aria-valuenow={Math.round(share * 100)}
            />
          )}
          {sending.error && <ProblemAlert error={sending.error} />}
          <Group justify="flex-end">
            <Button
              leftSection={<IconUpload size={16} />}
              disabled={!file || file.size === 0}
              loading={sending.isPending}
              onClick={() => file && sending.mutate(file)}
            >
              {t('import.upload')}
            </Button>
          </Group>
        </Stack>
      </Paper>
    </>
  )
}
