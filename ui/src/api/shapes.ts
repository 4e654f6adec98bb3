// Short names of what the API answers with.
import type { Answer } from './client';
import type { components } from './schema';

type Shapes = components['schemas'];
export type CaseCard = Shapes['case_card'];
export type Case = Shapes['case'];
export type Participant = Shapes['participant'];
export type Product = Shapes['product'];
export type Status = Shapes['status'];
export type Vulnerability = Shapes['vulnerability'];
export type Thread = Shapes['thread'];
export type Message = Shapes['message'];
export type TimelineLine = Shapes['timeline_line'];
export type Embargo = Shapes['embargo'];
export type Step = Shapes['step'];
export type Release = Shapes['release'];
export type Organisation = Shapes['organisation_card'];
export type Duty = Answer<'/api/v1/duties'>['items'][number];
export type Unread = Answer<'/api/v1/cases/{case}/unread'>;
export type Targets = Answer<'/api/v1/cases/{case}/targets'>;
export type Found = Answer<'/api/v1/search'>['items'][number];
export type Me = Answer<'/api/v1/whoami'>;
