import { describe, expect, it } from 'vitest';
import { createHostRules, hostListProblem, isPublic } from '../../../src/access/oauth/host-rules.ts';

describe('hosts that keys may be fetched from', () => {
  const rules = createHostRules({
    hosts: 'login.microsoftonline.com, *.okta.com,idp.example:8443,[2606:4700::1111]',
    privateHosts: 'keycloak.internal,localhost:9000,127.0.0.1:9001,[::1]:9002,10.0.0.7',
  });

  it.each([
    'https://login.microsoftonline.com/x/discovery/v2.0/keys',
    'https://LOGIN.microsoftonline.com:443/keys',
    'https://acme.okta.com/oauth2/v1/keys',
    'https://a.b.okta.com/keys',
    'https://idp.example:8443/keys',
    'https://[2606:4700::1111]/keys',
    'https://keycloak.internal/realms/a',
    'https://10.0.0.7/keys',
    'https://localhost:9000/keys',
    'http://localhost:9000/keys',
    'http://127.0.0.1:9001/keys',
    'http://[::1]:9002/keys',
  ])('may be %s', (url) => {
    expect(rules.problemOf(url)).toBeUndefined();
  });

  it.each([
    ['http://login.microsoftonline.com/keys', 'is not https'],
    ['http://keycloak.internal/keys', 'is not https'],
    ['http://10.0.0.7/keys', 'is not https'],
    ['ftp://login.microsoftonline.com/keys', 'is not https'],
    ['file:///etc/passwd', 'is not https'],
    ['data:application/json,{}', 'is not https'],
    ['https://login.microsoftonline.com:8443/keys', 'JWKS_HOSTS'],
    ['https://okta.com/keys', 'JWKS_HOSTS'],
    ['https://evilokta.com/keys', 'JWKS_HOSTS'],
    ['https://acme.okta.com.evil.example/keys', 'JWKS_HOSTS'],
    ['https://acme.okta.com:8443/keys', 'JWKS_HOSTS'],
    ['https://login.microsoftonline.com.evil.example/keys', 'JWKS_HOSTS'],
    ['https://login.microsoftonline.com@evil.example/keys', 'user name'],
    ['https://evil.example/login.microsoftonline.com', 'JWKS_HOSTS'],
    ['https://evil.example#login.microsoftonline.com', 'fragment'],
    ['https://169.254.169.254/latest/meta-data', 'JWKS_HOSTS'],
    ['https://localhost/keys', 'JWKS_HOSTS'],
    ['keys', 'is no URL'],
    ['', 'is no URL'],
  ])('may not be %s, which %s', (url, why) => {
    expect(rules.problemOf(url)).toContain(why);
  });

  it('are none where none are listed', () => {
    expect(createHostRules().problemOf('https://login.microsoftonline.com/keys')).toContain('JWKS_HOSTS');
    expect(createHostRules({ hosts: '' }).problemOf('https://login.microsoftonline.com/keys')).toContain('JWKS_HOSTS');
  });

  it('may have private addresses only where they are listed as one’s own', () => {
    const listed = createHostRules({ hosts: '10.0.0.8,a.example', privateHosts: 'b.example' });
    expect(listed.problemOf('https://10.0.0.8/keys')).toContain('not public');
    expect(listed.admits(new URL('https://a.example'), '8.8.8.8')).toBe(true);
    expect(listed.admits(new URL('https://a.example'), '10.0.0.8')).toBe(false);
    expect(listed.admits(new URL('https://b.example'), '10.0.0.8')).toBe(true);
    expect(listed.admits(new URL('https://c.example'), '8.8.8.8')).toBe(false);
  });

  // Every spelling of an address that a URL takes is one address by then.
  it.each(['https://2130706433/', 'https://0x7f.1/', 'https://127.1/', 'https://[::ffff:127.0.0.1]/', 'https://0/'])(
    'may not be %s, even if that is listed',
    (url) => {
      const { host } = new URL(url);
      expect(createHostRules({ hosts: host }).problemOf(url)).toContain('not public');
    },
  );
});

describe('an address that is public', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.1.1',
    '2606:4700::1111',
    '2a00:1450:4001::1',
  ])('is %s', (address) => expect(isPublic(address)).toBe(true));
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'localhost',
    '',
  ])('is not %s', (address) => expect(isPublic(address)).toBe(false));
});

describe('a list of hosts', () => {
  it.each(['a.example', 'a.example, *.b.example:8443', '[::1]:9000', 'localhost', 'A.Example'])('can be %s', (text) => {
    expect(hostListProblem(text)).toBeUndefined();
  });
  it.each(['*', '*.', 'a.*.example', 'https://a.example', 'a.example/keys', 'a b', 'a.example:port', 'a..b', '.a'])(
    'can not be %s',
    (text) => {
      expect(hostListProblem(text)).toBeDefined();
    },
  );
});
