import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconSend } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Entity } from '../api/types'
import { useMayWrite } from '../meta'
import { SendModal } from './SendModal'

export function SendButton({ record, variant }: { record: Entity; variant?: string }) {
  const { t } = useTranslation()
  const [opened, { open, close }] = useDisclosure(false)
  if (!useMayWrite()) return null
  return (
    <>
      <Button variant={variant} leftSection={<IconSend size={16} />} onClick={open}>
        {t('send.open')}
      </Button>
      <SendModal record={record} opened={opened} onClose={close} title={t('send.title')} />
    </>
  )
}
