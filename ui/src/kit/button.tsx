// What can be pressed. What can't be at the moment stays reachable and says why, to eyes and ears alike.
import { useId, type ReactNode } from 'react';
import { Button as Base, Tooltip, TooltipTrigger } from 'react-aria-components';

interface Props {
  children: ReactNode;
  onPress?: () => void;
  kind?: 'main' | 'second' | 'plain';
  type?: 'button' | 'submit';
  label?: string;               // where the content is a picture
  disabledReason?: string | undefined;
  isPending?: boolean;
  keys?: string;                // aria-keyshortcuts
  expanded?: boolean;
}

export function Button({ children, onPress, kind = 'second', type = 'button', label, disabledReason, isPending = false, keys, expanded }: Props) {
  const reason = useId();
  const isOff = disabledReason !== undefined;
  const button = (
    <Base className="button" data-kind={kind} type={isOff ? 'button' : type} isPending={isPending} {...(label ? { 'aria-label': label } : {})} {...(keys ? { 'aria-keyshortcuts': keys } : {})}
      {...(expanded === undefined ? {} : { 'aria-expanded': expanded })} {...(isOff ? { 'aria-disabled': true, 'aria-describedby': reason, 'data-off': true } : {})} {...(onPress && !isOff ? { onPress } : {})}>
      {children}
    </Base>
  );
  if (!isOff) return button;
  return (
    <>
      <TooltipTrigger delay={200}>{button}<Tooltip className="tooltip" offset={6}>{disabledReason}</Tooltip></TooltipTrigger>
      <span id={reason} hidden>{disabledReason}</span>
    </>
  );
}
