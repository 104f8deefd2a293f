import { Paper, Stack, Text, TextInput } from '@mantine/core'
import { IconFile } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { api } from '../api/client'
import type { Definition } from '../api/types'
import { FileToUpload } from '../exchange/FileToUpload'
import { upload } from '../exchange/upload'
import { useFormat } from '../format'
import { useMeta } from '../meta'
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
          <FileToUpload
            label={t('property.file')}
            accept={endings.map((ending) => `.${ending}`).join(',')}
            icon={<IconFile size={18} />}
            file={file}
            onFile={setFile}
            sending={sending}
            share={share}
            refused={tooLarge && t('document.too_large', { limit: megabytes })}
          >
            <TextInput
              label={t('property.name')}
              description={t('document.name_hint')}
              placeholder={file?.name.replace(/\.[^.]*$/, '')}
              value={name}
              maxLength={100}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
          </FileToUpload>
        </Stack>
      </Paper>
    </>
  )
}
