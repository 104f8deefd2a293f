import { Alert, Button, FileInput, Group, Paper, Progress, Stack, Text, TextInput } from '@mantine/core'
import { IconFile, IconUpload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../api/client'
import type { Definition } from '../api/types'
import { upload } from '../exchange/upload'
import { useFormat } from '../format'
import { useMeta } from '../meta'
import { ProblemAlert } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'

/** A new document: its file goes straight into the bucket, and is looked at before it is kept. */
export function UploadPage() {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { endings, mail_bytes } = useMeta().documents
  const [file, setFile] = useState<File | null>(null)
  const [name, setName] = useState('')
  const [share, setShare] = useState(0)
  const sending = useMutation({
    mutationFn: async (chosen: File) => {
      setShare(0)
      const made = await api.post<Definition>('/v1/documents', { file: chosen.name, size: chosen.size, ...(name.trim() && { name }) })
      await upload(String(made.upload_url), chosen, setShare, { type: String(made.type) }).catch(() => {
        throw new Error(t('import.upload_failed'))
      })
      return api.post<Definition>(`/v1/documents/${made.id}/uploaded`, {})
    },
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ['documents'] })
      void navigate(`/documents/${id}`, { replace: true })
    },
  })
  const tooLarge = file !== null && file.size > mail_bytes
  const megabytes = format.integer(mail_bytes / 1_000_000)
  return (
    <>
      <PageHeader title={t('editor.new.documents')} above={{ label: t('nav.documents'), to: '/documents' }} />
      <Paper maw={640}>
        <Stack>
          <Text size="sm">{t('document.hint', { endings: endings.join(', '), limit: megabytes })}</Text>
          <FileInput
            label={t('property.file')}
            placeholder={t('import.file_hint')}
            accept={endings.map((ending) => `.${ending}`).join(',')}
            leftSection={<IconFile size={18} />}
            value={file}
            onChange={setFile}
            disabled={sending.isPending}
            styles={{ placeholder: { color: 'var(--mantine-color-dimmed)' } }}
            clearable
            clearButtonProps={{ 'aria-label': t('import.file_clear') }}
          />
          <TextInput
            label={t('property.name')}
            placeholder={file?.name.replace(/\.[^.]*$/, '')}
            value={name}
            maxLength={100}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          {file?.size === 0 && <Alert color="red">{t('import.file_empty')}</Alert>}
          {tooLarge && <Alert color="red">{t('document.too_large', { limit: megabytes })}</Alert>}
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
              disabled={!file || file.size === 0 || tooLarge}
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
