import { Alert, Button, FileInput, Group, Progress } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import type { UseMutationResult } from '@tanstack/react-query'
import { useCallback, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LeaveGuard } from '../editing/LeaveGuard'
import { ProblemAlert } from '../ui/Feedback'

interface Props<Made> {
  label: string
  /** The kinds that the file chooser of the system offers. */
  accept: string
  icon: ReactNode
  file: File | null
  onFile: (file: File | null) => void
  sending: UseMutationResult<Made, Error, File>
  /** How much of it has arrived, from 0 to 1. */
  share: number
  /** Why this file may not be sent; what else is asked of it stands above. */
  refused?: string | false
  children?: ReactNode
}

/** Which file, how far it has got, and the button that sends it. */
export function FileToUpload<Made>({ label, accept, icon, file, onFile, sending, share, refused, children }: Props<Made>) {
  const { t } = useTranslation()
  // Whoever leaves before all of it has arrived breaks it off; a file that is only chosen is chosen again in a moment.
  const underWay = useRef(false)
  underWay.current = sending.isPending
  const unsaved = useCallback(() => underWay.current, [])
  return (
    <>
      <FileInput
        label={label}
        placeholder={t('import.file_hint')}
        accept={accept}
        leftSection={icon}
        value={file}
        onChange={onFile}
        disabled={sending.isPending}
        styles={{ placeholder: { color: 'var(--mantine-color-dimmed)' } }}
        clearable
        clearButtonProps={{ 'aria-label': t('import.file_clear') }}
      />
      {children}
      {file?.size === 0 && <Alert color="red">{t('import.file_empty')}</Alert>}
      {refused && <Alert color="red">{refused}</Alert>}
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
          disabled={!file || file.size === 0 || Boolean(refused)}
          loading={sending.isPending}
          onClick={() => file && sending.mutate(file)}
        >
          {t('import.upload')}
        </Button>
      </Group>
      <LeaveGuard unsaved={unsaved} />
    </>
  )
}
