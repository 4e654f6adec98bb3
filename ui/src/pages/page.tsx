// The frame of one page: its title in the window and as the one h1, which gets the focus when the page is come to, so that readers hear where they are.
import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';

let last = '';

export function Page({ title, above, beside, children, data = false }: { title: string; above?: ReactNode; beside?: ReactNode; children: ReactNode; data?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { pathname } = useLocation();
  useEffect(() => { document.title = `${title} · Sluice`; }, [title]);
  useEffect(() => {
    if (last !== '' && last !== pathname && document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
    last = pathname;
  }, [pathname]);
  return (
    <>
      {above}
      <div className="page-head"><h1 ref={heading} tabIndex={-1} {...(data ? { translate: 'no' as const } : {})}>{title}</h1>{beside}</div>
      {children}
    </>
  );
}
