import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../format'
import { Window } from '../ui/Window'
import { tell } from '../ui/confirm'
import { Loading, ProblemAlert } from '../ui/Feedback'
import { useAddSuppression, useHistory, useImportSuppressions, useLetGo, useRemoveSuppression, type Suppression } from './queries'

interface Props {
  opened: boolean
  onClose: () => void
}

interface FrameProps extends Props {
  title: string
  children: ReactNode
}

function Frame({ opened, onClose, title, children }: FrameProps) {
  return (
    <Window opened={opened} onClose={onClose} title={title} size="lg">
      {opened && <Stack>{children}</Stack>}
    </Window>
  )
}

interface ButtonsProps {
  confirm: string
  ready: boolean
  loading: boolean
  danger?: boolean
  onConfirm: () => void
  onCancel: () => void
}

function Buttons({ confirm, ready, loading, danger = false, onConfirm, onCancel }: ButtonsProps) {
  const { t } = useTranslation()
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onCancel}>
        {t('action.cancel')}
      </Button>
      <Button color={danger ? 'red' : 'blue'} disabled={!ready} loading={loading} onClick={onConfirm}>
        {confirm}
      </Button>
    </Group>
  )
}

export function AddDialog({ opened, onClose }: Props) {
  const { t } = useTranslation()
  const [address, setAddress] = useState('')
  const [note, setNote] = useState('')
  const add = useAddSuppression()
  const done = () => {
    tell(t('suppression.added', { address }))
    setAddress('')
    setNote('')
    onClose()
  }
  return (
    <Frame opened={opened} onClose={onClose} title={t('suppression.add_title')}>
      <Text size="sm">{t('suppression.add_hint')}</Text>
      {add.error && <ProblemAlert error={add.error} />}
      <TextInput label={t('suppression.address')} type="email" required value={address} onChange={(e) => setAddress(e.currentTarget.value)} data-autofocus />
      <TextInput label={t('suppression.note')} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
      <Buttons
        confirm={t('suppression.add')}
        ready={address.trim() !== ''}
        loading={add.isPending}
        onConfirm={() => add.mutate({ address: address.trim(), note }, { onSuccess: done })}
        onCancel={onClose}
      />
    </Frame>
  )
}

export function ImportDialog({ opened, onClose }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [note, setNote] = useState('')
  const load = useImportSuppressions()
  const told = load.data
  return (
    <Frame opened={opened} onClose={onClose} title={t('suppression.import')}>
      <Text size="sm">{t('suppression.import_hint')}</Text>
      {load.error && <ProblemAlert error={load.error} />}
      {told && (
        <Alert color="teal" role="status">
          {t('suppression.imported', { added: told.added, known: told.known })}
          {told.invalid.length > 0 && ` ${t('suppression.unread', { lines: told.invalid.join(', ') })}`}
        </Alert>
      )}
      <Textarea label={t('suppression.list')} required autosize minRows={6} maxRows={16} value={text} onChange={(e) => setText(e.currentTarget.value)} />
      <TextInput label={t('suppression.note')} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
      <Buttons
        confirm={t('suppression.import')}
        ready={text.trim() !== ''}
        loading={load.isPending}
        onConfirm={() => load.mutate({ text, note })}
        onCancel={onClose}
      />
    </Frame>
  )
}

/** Taking an address off asks for the reason, and shows what happened to it so far. */
export function RemoveDialog({ entry, onClose }: { entry: Suppression | null; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Frame opened={entry !== null} onClose={onClose} title={t('suppression.remove_title')}>
      {entry && <RemoveForm entry={entry} onClose={onClose} />}
    </Frame>
  )
}

function RemoveForm({ entry, onClose }: { entry: Suppression; onClose: () => void }) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const remove = useRemoveSuppression()
  const done = () => {
    tell(t('suppression.removed', { address: entry.address }))
    onClose()
  }
  return (
    <>
      <Text size="sm">{t('suppression.remove_text', { address: entry.address })}</Text>
      <History address={entry.address} />
      {remove.error && <ProblemAlert error={remove.error} />}
      <TextInput label={t('suppression.why_remove')} required value={note} onChange={(e) => setNote(e.currentTarget.value)} data-autofocus />
      <Buttons
        confirm={t('suppression.remove')}
        ready={note.trim() !== ''}
        loading={remove.isPending}
        danger
        onConfirm={() => remove.mutate({ address: entry.address, note }, { onSuccess: done })}
        onCancel={onClose}
      />
    </>
  )
}

function History({ address }: { address: string }) {
  const format = useFormat()
  const { data } = useHistory(address)
  if (!data) return <Loading lines={1} />
  return (
    <Stack gap={4}>
      {data.items.map((item) => (
        <Text key={`${item.at}${item.kind}`} size="sm" c="dimmed">
          {format.instant(item.at)} · {format.label(item.text)}
        </Text>
      ))}
    </Stack>
  )
}

export function LetGoDialog({ opened, onClose }: Props) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const letGo = useLetGo()
  const done = () => {
    tell(t('deliverability.let_go_done'))
    onClose()
  }
  return (
    <Frame opened={opened} onClose={onClose} title={t('deliverability.let_go')}>
      <Text size="sm">{t('deliverability.let_go_text')}</Text>
      {letGo.error && <ProblemAlert error={letGo.error} />}
      <Textarea label={t('deliverability.what_was_done')} required autosize minRows={2} value={note} onChange={(e) => setNote(e.currentTarget.value)} data-autofocus />
      <Buttons
        confirm={t('deliverability.let_go')}
        ready={note.trim() !== ''}
        loading={letGo.isPending}
        danger
        onConfirm={() => letGo.mutate(note, { onSuccess: done })}
        onCancel={onClose}
      />
    </Frame>
  )
}
