-- Each contract of a tenant counts its own calls, whatever profile limits them.
ALTER TABLE quota_accounts RENAME COLUMN profile TO contract;
ALTER TABLE quota_leases RENAME COLUMN profile TO contract;
-- 0: a query whose call has a row of its own, or a call that was given back.
ALTER TABLE quota_leases ADD COLUMN counted INTEGER NOT NULL DEFAULT 1;
