import type { CredentialScheme } from '../profiles/profile.ts';
import type { Principal } from './principal.ts';

/** How a kind of credential is sent. */
export interface SchemeForm {
  /** The word in front, as answers spell it. */
  readonly name: string;
  /** The whole value of the header, for people who have to write it. */
  readonly form: string;
}

/** Every scheme that a credential can be sent with. */
export const SCHEME_FORMS: Readonly<Record<CredentialScheme, SchemeForm>> = {
  bearer: { name: 'Bearer', form: '"Bearer <token>"' },
  basic: {
    name: 'Basic',
    form: '"Basic <base64 of organization id:API key>", or the API key as user name with an empty password',
  },
  'access-key': { name: 'AccessKey', form: '"AccessKey <key>"' },
  'api-key': { name: 'ApiKey', form: '"ApiKey <prefix>.<secret>"' },
};

/** What a part of the server asks of those who call it. */
export interface Surface {
  readonly scheme: CredentialScheme;
  /** In answers: `realm` of the challenge. */
  readonly realm: string;
  /** Throws when the principal's tenant does not have this surface at all; asked before the scheme is. */
  readonly admits: (principal: Principal) => void;
}
