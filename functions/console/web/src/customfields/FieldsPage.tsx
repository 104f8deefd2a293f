import { ActionIcon, Badge, Button, Group, Select, Text } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import type { CustomField, Field, Module } from '../api/types'
import { keptOf } from '../editing/kept'
import { useFormat } from '../format'
import { useMeta, useModule } from '../meta'
import { NotFound } from '../shell/NotFound'
import { ask, tell, warn } from '../ui/confirm'
import { EmptyState, useProblemText } from '../ui/Feedback'
import { PageHeader } from '../ui/PageHeader'
import { ResponsiveTable, type Column } from '../ui/ResponsiveTable'
import { Uses } from '../ui/Uses'
import { FieldDialog, fieldDrafts } from './FieldDialog'
import { useCustomFields, useDeleteField } from './fields'

/** The fields of a module; an administrator adds to them. */
export function FieldsPage() {
  const { module: id } = useParams()
  const module = useModule(id ?? 'contacts')
  return module ? <Fields key={module.id} module={module} /> : <NotFound />
}

function Fields({ module }: { module: Module }) {
  const { t } = useTranslation()
  const format = useFormat()
  const meta = useMeta()
  const navigate = useNavigate()
  const administers = meta.user.role === 'admin'
  const custom = useCustomFields(module.id).data?.items ?? []
  const [editing, setEditing] = useState(() => (administers ? keptOf(fieldDrafts(module)) : null))
  const edited = editing === 'new' ? editing : custom.find(({ field }) => field === editing)
  const close = () => setEditing(null)
  const saved = () => {
    tell(t('record.saved'))
    close()
  }
  const typeOf = (field: Field) => format.label(meta.field_types.find(({ id }) => id === field.type)?.label) || field.type
  const columns: Column<Field>[] = [
    { id: 'label', title: t('customfield.label'), render: (field) => <Text size="sm" fw={600}>{format.label(field.label)}</Text> },
    { id: 'id', title: t('customfield.name'), render: ({ id }) => <Text size="sm" ff="monospace">{id}</Text> },
    { id: 'type', title: t('customfield.type'), render: (field) => <Text size="sm">{typeOf(field)}</Text> },
    {
      id: 'traits',
      title: t('customfield.traits'),
      render: (field) =>
        (field.custom || field.required || field.readonly) && (
          <Group gap={4}>
            {field.custom && <Badge variant="light">{t('customfield.own')}</Badge>}
            {field.required && <Badge variant="light" color="gray" c="dark">{t('customfield.is_required')}</Badge>}
            {field.readonly && <Badge variant="light" color="gray" c="dark">{t('customfield.readonly')}</Badge>}
          </Group>
        ),
    },
  ]
  if (administers)
    columns.push({
      id: 'commands',
      title: t('customfield.commands'),
      align: 'right',
      render: ({ id }) => {
        const found = custom.find(({ field }) => field === id)
        return found && <Commands module={module} found={found} edit={() => setEditing(found.field)} />
      },
    })
  const add = administers && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      {t('customfield.add')}
    </Button>
  )
  return (
    <>
      <PageHeader title={t('nav.fields')}>
        <Select
          aria-label={t('property.module')}
          allowDeselect={false}
          data={meta.modules.map(({ id, label }) => ({ value: id, label: format.label(label) }))}
          value={module.id}
          onChange={(id) => id && void navigate(`/fields/${id}`)}
        />
        {add}
      </PageHeader>
      <ResponsiveTable
        label={t('nav.fields')}
        rows={[...module.fields].sort((one, other) => Number(other.custom ?? false) - Number(one.custom ?? false))}
        columns={columns}
        rowId={({ id }) => id}
        empty={<EmptyState title={t('nav.fields')}>{add}</EmptyState>}
      />
      {edited && (
        <FieldDialog module={module} existing={edited === 'new' ? undefined : edited} onSaved={saved} onClose={close} />
      )}
    </>
  )
}

function Commands({ module, found, edit }: { module: Module; found: CustomField; edit: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const problemText = useProblemText()
  const deletion = useDeleteField(module.id)
  const name = format.label(found.label)
  const remove = () =>
    deletion.mutate(found.field, {
      onSuccess: () => tell(t('record.deleted')),
      onError: (error) => warn(problemText(error)),
    })
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <ActionIcon variant="subtle" color="gray" c="dark" aria-label={`${t('action.edit')}: ${name}`} onClick={edit}>
        <IconPencil size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="red"
        c="red.9"
        aria-label={`${t('action.delete')}: ${name}`}
        loading={deletion.isPending}
        onClick={() =>
          ask({
            title: t('record.delete_title'),
            text: t('customfield.delete_text', { name }),
            more: <Uses kind="fields" id={found.id} />,
            confirm: t('action.delete'),
            danger: true,
            act: remove,
          })
        }
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  )
}
