"""What moderators decide about comments and people: checked, done, told and logged in one transaction."""
