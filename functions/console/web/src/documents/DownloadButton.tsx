import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import type { Definition } from '../api/types'
import { download } from '../exchange/upload'
import { warn } from '../ui/confirm'
import { useProblemText } from '../ui/Feedback'

export function DownloadButton({ definition }: { definition: Definition }) {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const asking = useMutation({
    mutationFn: () => api.get<{ url: string }>(`/v1/documents/${definition.id}/download`),
    onSuccess: ({ url }) => download(url),
    onError: (error) => warn(problemText(error)),
  })
  return (
    <Button leftSection={<IconDownload size={16} />} loading={asking.isPending} onClick={() => asking.mutate()}>
      {t('document.download')}
    </Button>
  )
}
