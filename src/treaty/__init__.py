"""Treaty: one agreement, one ledger, two teams."""
