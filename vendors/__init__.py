"""Who makes, designs and sells the rigs, and who stands behind them."""
