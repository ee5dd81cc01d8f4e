(feiten.tegenstrijdig = TRUE AND feiten.handeling <> 'verkorting')
