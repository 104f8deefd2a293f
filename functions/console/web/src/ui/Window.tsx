import { Modal, type ModalProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** A window over the page, in its middle; the kit's own button to close it has no name. */
export function Window(props: ModalProps) {
  const { t } = useTranslation()
  return <Modal centered closeButtonProps={{ 'aria-label': t('action.close') }} {...props} />
}
