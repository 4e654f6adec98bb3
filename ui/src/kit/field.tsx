// Fields with their label, help and what is wrong with them.
import { useId, type ReactNode } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';

interface Props { label: string; value: string; onChange: (value: string) => void; help?: ReactNode; wrong?: string | undefined; lines?: number; most?: number; isRequired?: boolean; hideLabel?: boolean; type?: 'text' | 'search' }

export function Field({ label, value, onChange, help, wrong, lines, most, isRequired = false, hideLabel = false, type = 'text' }: Props) {
  return (
    <TextField className="field" value={value} onChange={onChange} isRequired={isRequired} isInvalid={wrong !== undefined} type={type} {...(most ? { maxLength: most } : {})}>
      <Label className={hideLabel ? 'hidden' : ''}>{label}</Label>
      {help ? <Text slot="description" className="help">{help}</Text> : null}
      {lines ? <TextArea rows={lines} /> : <Input />}
      <FieldError className="wrong">{wrong}</FieldError>
    </TextField>
  );
}

// The browser's own list: it is right on every device, in every language, for every reader.
export function Choice<V extends string>({ label, value, onChange, options }: { label: string; value: V; onChange: (value: V) => void; options: readonly (readonly [V, string])[] }) {
  const id = useId();
  return (
    <div className="field choice">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as V)}>
        {options.map(([name, words]) => <option key={name} value={name}>{words}</option>)}
      </select>
    </div>
  );
}

export function Tick({ label, value, onChange }: { label: string; value: boolean; onChange: (value: boolean) => void }) {
  return <label className="tick"><input type="checkbox" checked={value} onChange={(event) => onChange(event.target.checked)} /> {label}</label>;
}
