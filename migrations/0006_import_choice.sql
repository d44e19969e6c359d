-- An import that was interrupted is gone on with by the choice that it was begun with: groups that it made itself would be
-- taken for ones that were there before by another.
ALTER TABLE "imports" ADD COLUMN "on_conflict" text collate "C";
