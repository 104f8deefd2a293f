import type { ComponentType } from 'react'
import type { Definition, Meta, Values } from '../api/types'
import type { Format } from '../format'
import { DocumentTemplatePanel } from '../documents/DocumentTemplatePanel'
import { DocumentTemplateFields } from '../documents/DocumentTemplateFields'
import { NameFields } from '../documents/NameFields'
import { UploadPage } from '../documents/UploadPage'
import { TemplatePanel } from '../definitions/TemplatePanel'
import { ActionFields } from './ActionFields'
import { FilterFields } from '../filters/FilterFields'
import type { FieldsProps } from './draft'
import { FormFields, requiredEntries } from './FormFields'
import { PlanFields } from './PlanFields'
import { ScheduledActionFields } from './ScheduledActionFields'
import { TemplateFields } from './TemplateFields'
import { WorkflowFields } from './WorkflowFields'

interface Editor {
  /** A new one before anything is typed; its keys are those that people write. */
  blank: (meta: Meta, format: Format) => Values
  Fields: ComponentType<FieldsProps>
  /** How a new one comes about, where that is no form to fill in. */
  Create?: ComponentType
  /** Saving leads nowhere else: one saves to see what it became, beside what was written. */
  Result?: ComponentType<{ definition: Definition }>
}

const firstOf = (meta: Meta, choice: string) => meta.choices[choice]?.[0] ?? null

export const EDITORS: Record<string, Editor> = {
  filters: {
    blank: (meta) => ({ name: '', module: meta.modules[0]?.id ?? null, condition: { all: [] } }),
    Fields: FilterFields,
  },
  forms: {
    blank: (meta) => {
      const module = firstOf(meta, 'form_module')
      return {
        name: '',
        module,
        owner: meta.user.id,
        return_url: '',
        language: '',
        button: '',
        allowed_domains: [],
        any_domain: false,
        active: true,
        fields: requiredEntries(meta.modules.find(({ id }) => id === module)),
      }
    },
    Fields: FormFields,
  },
  workflows: {
    blank: (meta) => ({
      name: '',
      module: firstOf(meta, 'form_module'),
      active: true,
      trigger: { on: meta.triggers[0]?.id ?? null },
      condition: null,
      tasks: [],
    }),
    Fields: WorkflowFields,
  },
  templates: {
    blank: (meta, format) => ({
      name: '',
      subject: '',
      class: firstOf(meta, 'message_class'),
      language: format.language,
      mjml: format.label(meta.template_starter),
      html: null,
      text: null,
      documents: null,
      document_templates: null,
    }),
    Fields: TemplateFields,
    Result: TemplatePanel,
  },
  documents: {
    blank: () => ({ name: '' }),
    Fields: NameFields,
    Create: UploadPage,
  },
  'document-templates': {
    blank: (meta, format) => ({
      name: '',
      module: firstOf(meta, 'form_module'),
      language: format.language,
      file: null,
      parts: null,
      ...meta.documents.starter[format.language],
    }),
    Fields: DocumentTemplateFields,
    Result: DocumentTemplatePanel,
  },
  actions: {
    blank: (meta) => ({
      name: '',
      kind: firstOf(meta, 'action_kind'),
      class: firstOf(meta, 'message_class'),
      params: {},
    }),
    Fields: ActionFields,
  },
  'scheduled-actions': {
    blank: (meta) => ({
      reference: '',
      action_id: null,
      status: firstOf(meta, 'scheduled_action_status'),
      sender: firstOf(meta, 'sender'),
      when: { on: 'assignment', offset: {} },
    }),
    Fields: ScheduledActionFields,
  },
  plans: {
    blank: (meta) => ({ name: '', status: firstOf(meta, 'plan_status'), from: null, to: null, scheduled_actions: [] }),
    Fields: PlanFields,
  },
}
