"""China Customs: CEB messages of the 202205 edition in the DxpMsg envelope."""
