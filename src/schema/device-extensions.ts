import { type AttributeDefinition, attribute, complex } from './attribute.ts';
import type { SchemaDefinition } from './resource-type.ts';

const REQUIRED = { required: true } as const;
const SECRET = { mutability: 'writeOnly', returned: 'never', caseExact: true } as const;

function extension(
  urnPart: string,
  name: string,
  description: string,
  attributes: readonly AttributeDefinition[],
): SchemaDefinition {
  return { id: `urn:ietf:params:scim:schemas:extension:${urnPart}:2.0:Device`, name, description, attributes };
}

const MAC_ADDRESS = attribute('deviceMacAddress', 'MAC address, such as 2C:54:91:88:C9:E2.', REQUIRED);

/**
 * The extensions of RFC 9944 §7. The pairing methods stand beside the BLE extension, as RFC 7643 §3.3 has extensions; the
 * examples of RFC 9944 nest them in it, which is read too.
 */
export const DEVICE_EXTENSIONS: readonly SchemaDefinition[] = [
  extension('ble', 'bleExtension', 'What connects a Bluetooth Low Energy device', [
    attribute('versionSupport', 'Versions of Bluetooth Low Energy, such as 5.3.', { multiValued: true, ...REQUIRED }),
    MAC_ADDRESS,
    attribute('isRandom', 'Whether the address is a random one; false when it is not said.', { type: 'boolean' }),
    attribute('separateBroadcastAddress', 'Addresses for advertisements, when they are others.', { multiValued: true }),
    attribute('irk', 'Identity resolving key, for private random addresses.', SECRET),
    attribute('mobility', 'Whether the device may move between access points.', { type: 'boolean' }),
    attribute('pairingMethods', 'URNs of the extensions for its pairing methods.', {
      multiValued: true,
      caseExact: true,
      ...REQUIRED,
    }),
  ]),
  // Without attributes there is nothing to carry: that a device pairs so is said by pairingMethods.
  extension('pairingNull', 'pairingNull', 'Bluetooth Low Energy without pairing', []),
  extension('pairingJustWorks', 'pairingJustWorks', 'Bluetooth Low Energy pairing without a key', [
    // Required in RFC 9944, where it is always null, and so unassigned (RFC 7643 §2.5).
    attribute('key', 'Always unassigned.', { type: 'integer', mutability: 'immutable' }),
  ]),
  extension('pairingPassKey', 'pairingPassKey', 'Bluetooth Low Energy pairing by passkey', [
    attribute('key', 'Passkey of six digits.', { type: 'integer', ...REQUIRED }),
  ]),
  extension('pairingOOB', 'pairingOOB', 'Bluetooth Low Energy pairing out of band', [
    attribute('key', 'Key that came out of band.', { caseExact: true, ...REQUIRED }),
    attribute('randomNumber', 'Nonce beside the key.', { type: 'integer', ...REQUIRED }),
    attribute('confirmationNumber', 'Confirmation number, where the method has one.', { type: 'integer' }),
  ]),
  extension('dpp', 'dppExtension', 'What connects a device by Wi-Fi Easy Connect', [
    attribute('dppVersion', 'Version of the Device Provisioning Protocol.', { type: 'integer', ...REQUIRED }),
    attribute('bootstrappingMethod', 'Ways to bootstrap, such as QR.', { multiValued: true }),
    attribute('bootstrapKey', 'Public key for bootstrapping, in base64.', { ...SECRET, ...REQUIRED }),
    { ...MAC_ADDRESS, required: false },
    attribute('classChannel', 'Operating class and channel, such as 81/1.', { multiValued: true }),
    attribute('serialNumber', 'Serial number.'),
  ]),
  extension('ethernet-mab', 'ethernetMabExtension', 'What admits a device by its MAC address', [MAC_ADDRESS]),
  extension('fido-device-onboard', 'fdoExtension', 'What onboards a device by FIDO Device Onboard', [
    attribute('fdoVoucher', 'Ownership voucher, as PEM.', { ...SECRET, ...REQUIRED }),
  ]),
  extension('zigbee', 'zigbeeExtension', 'What connects a Zigbee device', [
    attribute('versionSupport', 'Versions of Zigbee, such as 3.0.', { multiValued: true, ...REQUIRED }),
    attribute('deviceEui64Address', 'EUI-64 address, such as 50:32:5F:FF:FE:E7:67:28.', REQUIRED),
  ]),
  extension('endpointAppsExt', 'endpointAppsExt', 'Applications that reach a device through a gateway', [
    complex(
      'applications',
      'The applications.',
      [
        attribute('value', 'The id of the EndpointApp.', REQUIRED),
        attribute('$ref', 'URI of the EndpointApp.', { type: 'reference', referenceTypes: ['EndpointApp'] }),
      ],
      { multiValued: true, ...REQUIRED },
    ),
    // readOnly in RFC 9944, and the first one required: whoever runs the gateway fills them in, here by SCIM as well.
    attribute('deviceControlEnterpriseEndpoint', 'URL at which applications that control devices reach the gateway.', {
      type: 'reference',
      referenceTypes: ['external'],
    }),
    attribute('telemetryEnterpriseEndpoint', 'URL at which applications that receive data reach the gateway.', {
      type: 'reference',
      referenceTypes: ['external'],
    }),
  ]),
];
