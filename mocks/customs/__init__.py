"""The stand-in customs authority: CEB messages of the 202205 edition, carried in DxpMsg envelopes over HTTP."""
