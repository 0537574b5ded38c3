"""Stand-in for the tax bureau: export refund filings of trading firms, their review and the refund rate table."""
