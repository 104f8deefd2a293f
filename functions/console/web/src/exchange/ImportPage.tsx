import { Paper, Stack, Text } from '@mantine/core'
import { IconFileTypeCsv } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { api } from '../api/client'
import { useFormat } from '../format'
import { useMayWrite, useModule } from '../meta'
import { NotFound } from '../shell/NotFound'
import { PageHeader } from '../ui/PageHeader'
import { FileToUpload } from './FileToUpload'
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
