/** Schema URNs of RFC 7643 §8.7. */
export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_USER_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** Schema URNs of drafts. */
export const ROLE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Role';
export const ENTITLEMENT_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Entitlement';
export const GROUP_MEMBERSHIP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:GroupMembership';

/** Schema URNs of the discovery documents (RFC 7643 §8.7.2). */
export const SERVICE_PROVIDER_CONFIG_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
export const RESOURCE_TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
export const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

/** Schema URNs of this server's own. */
export const ACCOUNT_SCHEMA = 'urn:rollcall:params:scim:schemas:extension:account:2.0:User';
export const ORIGIN_SCHEMA = 'urn:rollcall:params:scim:schemas:extension:origin:2.0:User';
export const TEAM_SCHEMA = 'urn:rollcall:params:scim:schemas:extension:team:2.0:Group';

/** Message URNs of RFC 7644; they never appear in /Schemas (RFC 7644 §3.1). */
export const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const SEARCH_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
export const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
export const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
