"""The tax bureau: export refund filings and rates."""
