import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const MARK = 'sealed.1';
const IV_BYTES = 12;

/** Shuts private keys away before they are stored, and opens them. */
export interface Seal {
  /** The text as it is stored; `name` is bound to it, so that one can't be put in another's place. */
  shut(text: string, name: string): string;
  /** The text that was stored; throws where this seal does not fit. */
  open(stored: string, name: string): string;
}

/**
 * The seal (AES-256-GCM) that a secret of the settings makes. Without a secret keys are stored as they are: then whoever
 * reads the database can make tokens.
 */
export function createSeal(secret: string | undefined): Seal {
  const key =
    secret === undefined ? undefined : Buffer.from(hkdfSync('sha256', secret, '', 'rollcall signing keys', 32));
  return {
    shut(text, name) {
      if (!key) return text;
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
      const shut = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [MARK, ...[iv, cipher.getAuthTag(), shut].map((part) => part.toString('base64url'))].join(':');
    },
    open(stored, name) {
      if (!stored.startsWith(`${MARK}:`)) return stored;
      const [, iv = '', tag = '', shut = ''] = stored.split(':');
      if (!key) throw unfit(name);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
          .setAAD(Buffer.from(name))
          .setAuthTag(Buffer.from(tag, 'base64url'));
        return `${decipher.update(Buffer.from(shut, 'base64url')).toString('utf8')}${decipher.final('utf8')}`;
      } catch (cause) {
        throw unfit(name, cause);
      }
    },
  };
}

function unfit(name: string, cause?: unknown): Error {
  return new Error(
    `The signing key ${name} is sealed under another SIGNING_KEY_SECRET; set the one it was made with, or rotate the keys.`,
    { cause },
  );
}
